import Type from 'typebox';

/** Identifiers on the wire (contract sheet "Conventions", section 7). */

/** Five digits, leading zeros kept. */
export const InstitutionId = Type.String({ pattern: '^[0-9]{5}$', description: 'Institution: five digits, leading zeros kept.' });

/** 32 lower hex; a dashed UUID is accepted in paths and the dashes are dropped. */
export const CustomerId = Type.String({
  pattern: '^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$',
  description: 'Customer: 32 hexadecimal digits; dashes are accepted.',
});

/** 32 upper hex, compared without regard to case. */
export const InstitutionUserId = Type.String({
  pattern: '^[0-9A-F]{32}$',
  description: 'Login of a customer: 32 hexadecimal digits.',
});

/** 32 lower hex. */
export const AuthId = Type.String({ pattern: '^[0-9a-f]{32}$', description: 'Authentication id: 32 hexadecimal digits.' });

export const DateOnly = Type.String({ format: 'date', description: 'Calendar date in the time zone of the institution.' });

export const DateTime = Type.String({ format: 'date-time', description: 'ISO 8601 with the offset of the institution.' });
