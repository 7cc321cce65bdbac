import type { SeededRandom } from '../seeded-random.ts';
import { firstSecond, isoTime, organisations, sentence, sqliteTime, type SampleRow } from './sample-row.ts';

const userNames = ['user-1', 'user-2', 'ida@tdc.dk', 'Åse', 'user-10'] as const;

export function* decisions(random: SeededRandom): Generator<SampleRow> {
  for (let id = 1; id <= 125; id++) {
    yield {
      org_id: random.pick(organisations),
      title: id === 9 ? '' : `Decision ${id}`,
      description: random.chance(0.15) ? null : sentence(random),
      made_at: id === 2 ? '1958-10-01T08:00:00-05:00' : id === 3 ? null : isoTime(firstSecond + id * 70001),
    };
  }
}

/** Numbers at the borders of numeric(10,2). */
const borderValues = [99999999.99, -99999999.99, 0, 0.01, -0.01, 1234567.89, 0.1, 100];

export function* evolutionKpis(random: SeededRandom): Generator<SampleRow> {
  for (let id = 1; id <= 300; id++) {
    const expected = borderValues[id - 11] ?? random.integer(-50000, 500000) / 100;
    yield {
      decision_id: random.chance(0.05) ? null : random.integer(1, 118),
      kpi_name: random.pick(['mttr_hours', 'nps', 'conversion %', 'Ømkostning', 'churn']),
      expected_value: expected,
      actual_value: random.chance(0.2) ? null : random.integer(-50000, 500000) / 100,
      measured_at: sqliteTime(firstSecond + id * 30011),
    };
  }
}

export function* palFocusWindows(random: SeededRandom): Generator<SampleRow> {
  for (let id = 1; id <= 200; id++) {
    const start = firstSecond + id * 86400 + random.integer(6, 18) * 3600;
    yield {
      user_id: random.pick(userNames),
      start_time: sqliteTime(start),
      // Windows still open have no end.
      end_time: random.chance(0.1) ? null : sqliteTime(start + random.integer(1, 6) * 1800),
      priority: random.pick(['low', 'normal', 'HIGH', '', 'p0 – drop everything']),
    };
  }
}

export function* palStressLevels(random: SeededRandom): Generator<SampleRow> {
  for (let id = 1; id <= 410; id++) {
    yield {
      user_id: random.pick(userNames),
      level: random.chance(0.05) ? null : random.integer(0, 10),
      // Row 8: a watch whose clock stood before 1970.
      measured_at: id === 8 ? -14182940 : id === 9 ? 0 : firstSecond + id * 20011,
    };
  }
}
