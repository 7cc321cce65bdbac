import { toErrorShape } from '../core/errors.ts';
import type { Loaded } from './host.ts';

/** Steps in the life of something that loads in the background; what was there stays until something better is. */
export function notLoaded<T>(): Loaded<T> {
  return { value: null, loading: false, error: null };
}

export function nowLoading<T>(before: Loaded<T>): Loaded<T> {
  return { value: before.value, loading: true, error: null };
}

export function nowLoaded<T>(value: T): Loaded<T> {
  return { value, loading: false, error: null };
}

export function loadFailed<T>(before: Loaded<T>, error: unknown): Loaded<T> {
  return { value: before.value, loading: false, error: toErrorShape(error) };
}

/** Nobody has asked for it yet, or the answer was thrown away. */
export function isUntouched(loaded: Loaded<unknown>): boolean {
  return loaded.value === null && !loaded.loading && loaded.error === null;
}
