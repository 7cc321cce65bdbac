import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** One file in commands/ per command. */
export interface CliCommand {
  readonly name: string;
  /** Adds arguments, options and the action; the action hands its exit code to `finish`. */
  define(command: Command, terminal: Terminal, finish: (exitCode: number) => void): void;
}

export const targetOption = (): Option => new Option('--target <target>', 'embedded[:DIR], env:NAME or a postgresql:// URL');
export const jsonOption = (): Option => new Option('--json', 'print exactly one JSON document on stdout');

/** Parser of a whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    return value;
  };
}

/** Parser of a number such as 0.9 or -1e-3. */
export function decimalNumber(text: string): number {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) || !Number.isFinite(Number(text)))
    throw new InvalidArgumentError('It must be a number, for example 0.9.');
  return Number(text);
}

/** Parser of "A,B": at least one name, empty ones refused. */
export function nameList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('It must be a list of names with commas between them.');
  return names;
}

const runIdPattern = /^r-[0-9a-f]{12}$/;

export function isRunId(text: string): boolean {
  return runIdPattern.test(text);
}

export function runId(text: string): string {
  if (!isRunId(text)) throw new InvalidArgumentError('A run id is "r-" and 12 hexadecimal digits; `sluice runs` lists them.');
  return text;
}
