import type { Translate } from './tree-item-spec.ts';

const numbers = new Intl.NumberFormat('en');

/** 1234567 → "1,234,567". */
export function formatCount(count: number): string {
  return numbers.format(Math.round(count));
}

/** Decimal units, as file managers show them: "812 B", "61 MB", "1.2 GB". */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** "0.8 s", "14.2 s", "3 min 05 s", "2 h 04 min". */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  return formatWhole(Math.round(seconds));
}

/** Time left in whole seconds: a number that jumps about tells nothing. */
export function formatSecondsLeft(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return whole < 60 ? `${whole} s` : formatWhole(whole);
}

function formatWhole(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
}

/** When something was, as a person says it: "14:32" of today, "yesterday", "Tuesday", "3 Mar 2026". Both in milliseconds since 1970, shown in local time. */
export function formatDay(then: number, now: number, t: Translate): string {
  const day = new Date(then);
  const daysAgo = Math.round((startOfDay(new Date(now)) - startOfDay(day)) / 86_400_000);
  if (daysAgo <= 0) return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(day);
  if (daysAgo === 1) return t('yesterday');
  if (daysAgo < 7) return new Intl.DateTimeFormat('en', { weekday: 'long' }).format(day);
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }).format(day);
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
