// Who may import whom. Type-only imports count: a type is knowledge, too.
//
//   conference <- desired | ledger | catapult <- plan <- apply <- reconcile <- cli <- main
//
// time/ stands beside conference/: whatever waits may import it.
//
// Every folder lists the folders it may import; what is not listed is forbidden. A new folder is forbidden
// everywhere until it has a line here.

const mayImport = {
  conference: [],
  time: [],
  desired: ['conference'],
  catapult: ['conference'],
  ledger: ['conference', 'time', 'catapult'],
  source: ['conference', 'time', 'desired'],
  plan: ['conference', 'desired', 'ledger', 'catapult'],
  render: ['conference', 'desired', 'ledger', 'catapult', 'plan'],
  apply: ['conference', 'time', 'desired', 'ledger', 'catapult', 'plan'],
  reconcile: ['conference', 'time', 'desired', 'ledger', 'catapult', 'source', 'plan', 'apply'],
  sandbox: ['conference'],
  cli: [
    'conference',
    'time',
    'desired',
    'ledger',
    'catapult',
    'source',
    'plan',
    'render',
    'apply',
    'reconcile',
    'sandbox',
  ],
  // What comes before the program, and is loaded without it.
  start: [],
};

// The sandbox is a second implementation of the API. It shares the vocabulary and the named assumptions, not the client.
// What is rendered is named by those who tell it: their events are data, and pure.
const alsoMayImport = {
  sandbox: ['^src/catapult/assumptions[.]ts$'],
  render: [
    '^src/apply/(report|dispatch-event|patience)[.]ts$',
    '^src/reconcile/(condition|daemon-event)[.]ts$',
    '^src/sandbox/sandbox[.]ts$',
  ],
};

const pure = '^src/(conference|desired|plan|render)/';
const effects = [
  '^node_modules/fp-ts/lib/(ReaderIO|ReaderTask|ReaderTaskEither|StateReaderTaskEither|StateIO|StateTask)',
  '^node_modules/fp-ts/lib/(Task|IO|Console|Random|Date)',
  '^node_modules/(pino|prom-client|hono|@hono|kysely|@photostructure|chokidar|cross-fetch|commander)/',
];

const directions = Object.entries(mayImport).map(([folder, others]) => ({
  name: `${folder}-imports-${others.length === 0 ? 'only-itself' : 'downward'}`,
  comment: `src/${folder}/ may import ${[folder, ...others].join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    path: '^src/',
    pathNot: [`^src/(${[folder, ...others].join('|')})/`, ...(alsoMayImport[folder] ?? [])],
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...directions,
    {
      name: 'unknown-folder',
      comment: 'A new folder needs its place in the order: give it a line in mayImport.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(mayImport).join('|')})/` },
      to: {},
    },
    {
      name: 'nobody-imports-the-top',
      comment: 'main.ts starts the program and index.ts faces outward: neither is imported from inside.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/(main|index)[.]ts$' },
    },
    {
      name: 'index-is-no-program',
      comment: 'Importing the library must not load the command line.',
      severity: 'error',
      from: { path: '^src/index[.]ts$' },
      to: { path: '^src/(cli|sandbox)/' },
    },
    {
      name: 'one-barrel',
      comment: 'src/index.ts is the only barrel.',
      severity: 'error',
      from: {},
      to: { path: '^(src|test)/.+/index[.]ts$' },
    },
    {
      name: 'no-vague-names',
      comment: 'A module is named after the noun it holds.',
      severity: 'error',
      from: {},
      to: { path: '/(utils?|helpers?|types?|common|misc)([.]ts$|/)', pathNot: 'node_modules' },
    },
    {
      name: 'pure-knows-no-node',
      comment: 'conference/, desired/, plan/ and render/ are pure.',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-reaches-no-node',
      comment: 'Nor does a pure module load one that reads files, opens sockets or starts processes.',
      severity: 'error',
      from: { path: pure },
      to: { path: '^(node:)?(fs|net|tls|http|https|dns|child_process|os|crypto)(/|$)', reachable: true },
    },
    {
      name: 'pure-knows-no-effect',
      comment: 'conference/, desired/, plan/ and render/ are pure.',
      severity: 'error',
      from: { path: pure },
      to: { path: effects },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-tests-in-source',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-dev-dependency-in-source',
      comment: 'What runs in production stands under dependencies.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
  },
};
