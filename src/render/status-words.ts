/** What the texts and the JSON of status and history have in common. */
export const outcomeWords = {
  Applied: 'applied',
  NotExecuted: 'not executed',
  InDoubt: 'in doubt',
  Ended: 'has ended',
} as const;

/** Of a call that may have none. */
export const endWords = {
  ...outcomeWords,
  UnderWay: 'under way',
  Unknown: 'no answer recorded',
} as const;
