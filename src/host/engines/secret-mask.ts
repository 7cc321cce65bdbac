const mask = '***';

/**
 * Takes secrets out of what is logged: those of the requests that were sent, and whatever looks like a password in an address or a setting.
 * Rather too much than too little.
 */
export class SecretMask {
  readonly #secrets = new Set<string>();

  /** Remembers every text under the name `password` or `apiKey`, at any depth. */
  learn(value: unknown): void {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'object') this.learn(inner);
      else if (typeof inner === 'string' && inner !== '' && /(password|apiKey)$/i.test(name)) this.#remember(inner);
    }
  }

  apply(text: string): string {
    let masked = text;
    // The longest first, so that one that is a part of another leaves nothing of it.
    for (const secret of [...this.#secrets].sort((a, b) => b.length - a.length)) masked = masked.replaceAll(secret, mask);
    return masked
      .replaceAll(/(\bpostgres(?:ql)?:\/\/[^\s:/@]*:)\S*@/gi, `$1${mask}@`)
      .replaceAll(/(\bbearer\s+)[^\s"',;]+/gi, `$1${mask}`)
      .replaceAll(/((?:password|apiKey)["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s&,;]+)/gi, `$1${mask}`);
  }

  #remember(secret: string): void {
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) this.#secrets.add(form);
  }
}
