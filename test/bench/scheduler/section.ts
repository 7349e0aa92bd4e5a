/** The scheduler benchmark: simulated time, so that the same seed gives the same figures on any machine. */
import type { Section } from '../section.js';
import { compare } from './compare.js';
import type { Comparison } from './figures.js';
import { figuresMarkdown, verdictMarkdown } from './markdown.js';
import { comparisonText, verdictText } from './table.js';
import { verdictsOn } from './targets.js';
import { workloads } from './workloads.js';

const size = 1_000;
const rates = [1, 5];

export const schedulerSection: Section = {
  name: 'scheduler',
  run: async ({ seed, jitter }) => {
    const comparisons: Comparison[] = [];
    for (const workload of rates.flatMap((perSecond) => workloads({ perSecond, size, seed })))
      comparisons.push(await compare(workload, { seed, jitter }));
    const verdicts = comparisons.flatMap(verdictsOn);
    return {
      text: [
        `seed ${seed}, jitter ${jitter}\n`,
        ...comparisons.map(comparisonText),
        verdictText(verdicts),
      ].join('\n'),
      markdown: [figuresMarkdown(comparisons), verdictMarkdown(verdicts)].join('\n'),
      data: { workloads: comparisons.map(dataOf), targets: verdicts },
      allMet: verdicts.every(({ met }) => met),
    };
  },
};

const dataOf = ({ workload: { name, about, perSecond }, oracle, others }: Comparison) => ({
  name,
  about,
  perSecond,
  strategies: [oracle, ...others].map((figures) => ({
    ...figures,
    ratioToOracle: {
      calls: figures.calls / oracle.calls,
      budgetUsed: figures.budgetUsed / oracle.budgetUsed,
      totalSeconds: figures.totalSeconds / oracle.totalSeconds,
      ...(figures.delay === undefined || oracle.delay === undefined
        ? {}
        : {
            delayP50: figures.delay.p50 / oracle.delay.p50,
            delayP99: figures.delay.p99 / oracle.delay.p99,
          }),
    },
  })),
});
