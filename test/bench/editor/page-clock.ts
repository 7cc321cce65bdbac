import type { Page } from 'playwright-core';

/** What to wait for: an element that is shown and whose text fits. */
export interface Sight {
  /** CSS. */
  readonly selector: string;
  /** A regular expression. */
  readonly text?: string;
}

/** Milliseconds since 1970, with fractions; one clock for all frames of a browser. */
export interface Sightings<K extends string> {
  /** When the page heard of the click. */
  readonly started: number;
  /** The frame that showed it was drawn. */
  readonly seen: Readonly<Record<K, number>>;
}

/**
 * Clicks, and measures inside the page when it heard of that and when each sight was there: what a driver outside measures holds its own way back and
 * forth. Throws when one is not seen in time.
 */
export async function clickAndWatch<K extends string>(
  page: Page,
  sights: Readonly<Record<K, Sight>>,
  click: () => Promise<void>,
  patienceMs = 60_000,
): Promise<Sightings<K>> {
  await page.evaluate(`(${watch})(${JSON.stringify(sights)}, ${patienceMs})`);
  await click();
  return page.evaluate<Sightings<K>>('globalThis.sluiceSightings');
}

/** In the page. The text of a row that scrolls by counts when it has a size. */
const watch = `function (sights, patience) {
  const now = () => performance.timeOrigin + performance.now();
  globalThis.sluiceSightings = new Promise((resolve, reject) => {
    const open = new Map(Object.entries(sights));
    const seen = {};
    let started;
    const isThere = ({ selector, text }) =>
      [...document.querySelectorAll(selector)].some(
        (element) => element.getClientRects().length > 0 && (text === undefined || new RegExp(text).test(element.textContent)),
      );
    const look = () => {
      if (started === undefined) return;
      for (const [name, sight] of open) {
        if (!isThere(sight)) continue;
        open.delete(name);
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            seen[name] = now();
            if (Object.keys(seen).length === Object.keys(sights).length) finish(resolve, { started, seen });
          };
          port2.postMessage(null);
        });
      }
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    const late = setTimeout(() => finish(reject, new Error('not seen: ' + [...open.keys()].join(', '))), patience);
    const onPress = () => {
      started = now();
      look();
    };
    addEventListener('mousedown', onPress, { capture: true, once: true });
    function finish(settle, value) {
      observer.disconnect();
      clearTimeout(late);
      removeEventListener('mousedown', onPress, { capture: true });
      settle(value);
    }
  });
  globalThis.sluiceSightings.catch(() => undefined);
}`;
