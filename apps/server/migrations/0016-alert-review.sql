-- The condition that is silent, in words: the preference with what it asked. One that was changed since, or that has taken
-- its place, is not silent.
alter table alert_silences add column condition text not null default '';
