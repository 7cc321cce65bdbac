import type { VectorFacts, VectorReadings } from '../model/column-profile.ts';
import { readFloats, type FloatReading } from './read-floats.ts';

/** As `sluice health` sees norms: float32 and half precision round. */
const unitTolerance = 1e-3;

/** Of vectors that were read one way. */
class Tally {
  #vectors = 0;
  #zero = 0;
  #unit = 0;
  #least = Infinity;
  #most = 0;
  notFinite = 0;
  halved = 0;

  add(norm: number): void {
    this.#vectors++;
    if (norm === 0) this.#zero++;
    if (Math.abs(norm - 1) <= unitTolerance) this.#unit++;
    if (norm < this.#least) this.#least = norm;
    if (norm > this.#most) this.#most = norm;
  }

  facts(): VectorFacts | null {
    if (this.#vectors + this.notFinite === 0) return null;
    return {
      vectors: this.#vectors,
      zero: this.#zero,
      unit: this.#unit,
      least: this.#vectors === 0 ? 0 : this.#least,
      most: this.#most,
      notFinite: this.notFinite,
      halved: this.halved,
    };
  }
}

/** What the vectors of one column look like, by how they are read: blobs as float32 and as float64, JSON arrays. */
export class VectorSurvey {
  readonly #float32 = new Tally();
  readonly #float64 = new Tally();
  readonly #texts = new Tally();

  /** Gives the two readings; of the second null where it is no use: too long, or of numbers of very unlike size. */
  addBlob(blob: Uint8Array): { readonly single: FloatReading | null; readonly double: FloatReading | null } {
    const single = readFloats(blob, 4);
    count(this.#float32, single);
    const read = readFloats(blob, 8);
    // Zeros are zeros at any width.
    const double = read !== null && ((read.sane && read.even) || read.notFinite) ? read : null;
    count(this.#float64, double);
    return { single, double };
  }

  addText(norm: number): void {
    this.#texts.add(norm);
  }

  readings(): VectorReadings | null {
    const [float32, float64, texts] = [this.#float32.facts(), this.#float64.facts(), this.#texts.facts()];
    return float32 === null && float64 === null && texts === null ? null : { float32, float64, texts };
  }
}

function count(tally: Tally, reading: FloatReading | null): void {
  if (reading === null) return;
  if (reading.notFinite) tally.notFinite++;
  if (!reading.sane) return;
  tally.add(reading.norm);
  if (reading.halved) tally.halved++;
}
