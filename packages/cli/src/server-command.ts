import type { Command } from 'commander';

/** Adds its command, made by `newCommand`, to the program. */
export type ServerCommand = () => Command;
