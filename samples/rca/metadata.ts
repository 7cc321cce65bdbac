/** A map by id. `primary_table` refers to a table, and tables refer to entities: a circle of two files. */
export const entities = {
  account: {
    name: 'Account',
    description: 'A loan account of a customer',
    grain: ['account_id'],
    attributes: ['customer_id', 'product'],
    primary_table: 'accounts',
  },
  customer: {
    name: 'Customer',
    description: 'A person or a firm',
    grain: ['customer_id'],
    attributes: ['name', 'segment'],
    primary_table: 'customers',
  },
  payment: { name: 'Payment', description: null, grain: ['payment_id'], attributes: [], primary_table: null },
  loan: {
    name: 'Loan',
    grain: ['loan_id', 'as_of_date'],
    attributes: { amount: 'decimal', rate: 'decimal' },
    primary_table: 'outstanding_daily',
  },
} as const;

export const tables = [
  {
    id: 'scf_v1',
    name: 'SCF, first version',
    entity: 'account',
    system: 'scf_v1',
    path: 'data/scf_v1.csv',
    primary_key: ['account_id', 'as_of_date'],
    time_column: 'as_of_date',
    columns: [
      { name: 'account_id', type: 'string' },
      { name: 'outstanding', type: 'integer' },
    ],
  },
  {
    id: 'scf_v2',
    name: 'SCF, second version',
    entity: 'account',
    system: 'scf_v2',
    path: 'data/scf_v2.csv',
    primary_key: ['account_id', 'as_of_date'],
    time_column: 'as_of_date',
    columns: [
      { name: 'account_id', type: 'string' },
      { name: 'outstanding', type: 'decimal' },
      { name: 'leakage', type: 'decimal' },
    ],
  },
  {
    id: 'outstanding_daily',
    name: 'Outstanding by day',
    entity: 'loan',
    system: 'core',
    path: 'data/outstanding_daily.parquet',
    primary_key: ['account_id', 'business_date'],
    time_column: 'business_date',
    columns: [],
  },
  { id: 'accounts', name: 'Accounts', entity: 'account', system: 'core', path: null, primary_key: ['account_id'], columns: null },
  { id: 'customers', name: 'Customers', entity: 'customer', system: 'core', primary_key: ['customer_id'] },
] as const;

export const metrics = [
  {
    id: 'outstanding_total',
    name: 'Outstanding total',
    description: 'Sum of what is owed',
    unit: 'EUR',
    versions: [{ from: '2020-01-01', formula: 'sum(outstanding)' }],
  },
  { id: 'leakage', name: 'Leakage', description: '', unit: 'EUR', versions: [] },
  { id: 'leakage_rate', name: 'Leakage rate', unit: 'ratio', versions: [{ from: '2024-06-01', formula: 'leakage / outstanding_total' }] },
  { id: 'days_past_due', name: 'Days past due', description: 'Longest delay', unit: 'days', versions: null },
] as const;

/** Rule r-006 names a metric that nobody defined. */
export const rules = [
  {
    id: 'r-001',
    system: 'scf_v1',
    metric: 'outstanding_total',
    target_entity: 'account',
    description: 'Sum over accounts',
    computation: { op: 'sum', of: 'outstanding', by: ['as_of_date'] },
  },
  {
    id: 'r-002',
    system: 'scf_v2',
    metric: 'outstanding_total',
    target_entity: 'account',
    description: 'Sum over accounts',
    note: 'Decimal since March 2024',
    computation: { op: 'sum', of: 'outstanding', by: ['as_of_date', 'system'] },
  },
  { id: 'r-003', system: 'scf_v2', metric: 'leakage', target_entity: 'account', computation: { op: 'sum', of: 'leakage' } },
  {
    id: 'r-004',
    system: 'scf_v2',
    metric: 'leakage_rate',
    target_entity: 'account',
    computation: {
      op: 'ratio',
      of: [
        { op: 'sum', of: 'leakage' },
        { op: 'sum', of: 'outstanding' },
      ],
    },
  },
  {
    id: 'r-005',
    system: 'core',
    metric: 'days_past_due',
    target_entity: 'loan',
    computation: { op: 'max', of: 'days', limit: 9007199254740991 },
  },
  { id: 'r-006', system: 'core', metric: 'profit_margin', target_entity: 'customer', description: 'Never finished', computation: {} },
] as const;

/** Tables refer to tables, forwards and in a circle. */
export const lineage = [
  { from: 'scf_v1', to: 'scf_v2', keys: { account_id: 'account_id' }, relationship: 'succeeded-by' },
  { from: 'scf_v2', to: 'outstanding_daily', keys: { account_id: 'account_id', as_of_date: 'business_date' }, relationship: 'feeds' },
  { from: 'accounts', to: 'customers', keys: { customer_id: 'customer_id' }, relationship: 'many-to-one' },
  { from: 'outstanding_daily', to: 'accounts', keys: { account_id: 'account_id' }, relationship: 'many-to-one' },
  { from: 'accounts', to: 'outstanding_daily', keys: {}, relationship: null },
] as const;

export const businessLabels = [
  { label: 'exposure', aliases: ['outstanding', 'what is owed'], metric: 'outstanding_total', description: 'As the risk report calls it' },
  { label: 'Leckage', aliases: [], metric: 'leakage', description: 'German for leakage' },
  { label: 'DPD', aliases: ['days late'], metric: 'days_past_due' },
  { label: 'churn', aliases: ['attrition'], metric: null, description: 'No metric yet' },
] as const;

export const timeRules = [
  { table: 'scf_v1', as_of_column: 'as_of_date', default: 'latest', max_lateness_days: 2 },
  { table: 'scf_v2', as_of_column: 'as_of_date', default: 'latest', max_lateness_days: 0 },
  { table: 'outstanding_daily', as_of_column: 'business_date', default: null, max_lateness_days: null },
] as const;

export const identity = [
  { entity: 'account', canonical: 'account_id', alternates: ['acct', 'acc_no', { system: 'core', column: 'ACCT_ID' }] },
  { entity: 'customer', canonical: 'customer_id', alternates: [] },
] as const;

export const exceptions = [
  {
    id: 'e-1',
    table: 'scf_v1',
    description: 'Amounts of February 2023 are in thousands',
    condition: "as_of_date BETWEEN '2023-02-01' AND '2023-02-28'",
    override: { factor: 1000 },
  },
  { id: 'e-2', table: 'outstanding_daily', description: 'Closed on public holidays', condition: null, override: null },
] as const;
