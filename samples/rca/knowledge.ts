/** Terms by their name; relationships and tables refer to them. */
export const knowledgeBase = {
  terms: {
    exposure: {
      definition: 'The amount that may be lost when a customer does not pay',
      category: 'risk',
      aliases: ['EAD', 'outstanding amount'],
    },
    leakage: { definition: 'Income that was earned and never billed', category: 'revenue', aliases: [] },
    'days past due': { definition: 'Days since the oldest instalment that was not paid', category: 'risk', aliases: ['DPD'] },
    provision: { definition: 'Money put aside for losses that are expected', category: 'accounting', aliases: ['allowance', 'reserve'] },
    'write-off': { definition: 'Giving up a claim, in part or whole', category: 'accounting' },
    Rückstand: { definition: 'Arrears', category: null, aliases: ['arrears'] },
  },
  relationships: [
    { from: 'leakage', to: 'exposure', type: 'reduces', strength: 0.4 },
    { from: 'days past due', to: 'provision', type: 'raises', strength: 0.9 },
    { from: 'provision', to: 'write-off', type: 'precedes', strength: 0.7 },
    { from: 'Rückstand', to: 'days past due', type: 'same-as', strength: 1 },
    { from: 'write-off', to: 'exposure', type: 'reduces', strength: 1.0 },
  ],
  tables: {
    scf_v2: { terms: ['leakage', 'exposure'], description: 'Both versions of the amounts' },
    outstanding_daily: { terms: ['exposure'] },
  },
} as const;
