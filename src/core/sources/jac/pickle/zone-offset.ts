/** A wall clock: milliseconds since 1970 as if it were UTC. */
type WallTime = number;

const day = 86_400_000;

/**
 * Seconds that a named zone is ahead of UTC at a wall time, by the same rule as Python: of an hour that comes twice `fold` takes the second one, and in an
 * hour that is left out the offset before it (after it with `fold`) goes on. null: the zone is not known here.
 */
export function zoneOffset(zone: string, wall: WallTime, fold: boolean): number | null {
  const clock = clockOf(zone);
  if (clock === null) return null;
  const before = offsetAt(clock, wall - day);
  const after = offsetAt(clock, wall + day);
  if (before === after) return before / 1000;
  const valid = [before, after].filter((offset) => offsetAt(clock, wall - offset) === offset);
  if (valid.length === 1) return valid[0]! / 1000;
  return (fold ? after : before) / 1000;
}

function clockOf(zone: string): Intl.DateTimeFormat | null {
  // Other names of zones, and plain offsets, are not what Python's zoneinfo takes.
  if (!/^[A-Za-z][\w+/-]*$/.test(zone)) return null;
  try {
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', era: 'short', ...parts });
  } catch {
    return null;
  }
}

/** Milliseconds ahead of UTC at an instant. */
function offsetAt(clock: Intl.DateTimeFormat, instant: number): number {
  const parts = new Map(clock.formatToParts(instant).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
  const wall = new Date(0);
  wall.setUTCFullYear(year, number('month') - 1, number('day'));
  wall.setUTCHours(number('hour'), number('minute'), number('second'));
  return wall.getTime() - Math.floor(instant / 1000) * 1000;
}
