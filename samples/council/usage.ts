import type { SeededRandom } from '../seeded-random.ts';

const limits = { free: [10, 100], pro: [100, 2_000], team: [500, 10_000] } as const;

/** The usage file of a user. */
export function usageOf(random: SeededRandom, user: string, conversations: number): object {
  const tier = random.pick(['free', 'free', 'pro', 'team'] as const);
  const [daily, monthly] = limits[tier];
  const used = random.integer(0, daily);
  return {
    user_id: user,
    tier,
    daily_used: used,
    daily_limit: daily,
    monthly_used: used + random.integer(0, monthly - daily),
    monthly_limit: monthly,
    total_queries: conversations * 2 + random.integer(0, 400),
    last_reset_daily: `2025-02-${String(random.integer(1, 28)).padStart(2, '0')}`,
    last_reset_monthly: random.chance(0.2) ? null : '2025-02-01',
  };
}
