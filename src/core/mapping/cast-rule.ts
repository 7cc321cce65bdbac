/** What a declared type of a source asks for in PostgreSQL. Data for people to review; the stored values still have their say. */
export interface CastRule {
  /** Declared names without length, upper case, words separated by one blank. */
  readonly declared: readonly string[];
  /** PostgreSQL type without modifiers; null = the declaration says nothing, the values decide. */
  readonly type: string | null;
  /** How many of the declared numbers, as in (10,2), the PostgreSQL type takes over. */
  readonly modifiers?: 0 | 1 | 2;
  /** The column may become uuid, date, timestamptz, jsonb, vector or boolean when every value qualifies. */
  readonly upgrade?: boolean;
  /** Numbers of the PostgreSQL type, whatever was declared. */
  readonly fixed?: readonly number[];
  /** The store lets no other values in, so the stored values have no say. */
  readonly enforced?: boolean;
  /** What happens to values that PostgreSQL's type cannot keep exactly; accepted, said and counted. */
  readonly rounds?: string;
}

/** The rule for names that no cast rule lists: the first whose part occurs in the declared name. */
export interface AffinityRule {
  readonly contains: string;
  readonly type: string | null;
  readonly upgrade?: boolean;
}
