/** What the texts and the JSON of a status have in common. */
export const outcomeWords = {
  Applied: 'applied',
  NotExecuted: 'not executed',
  InDoubt: 'in doubt',
  Ended: 'has ended',
} as const;
