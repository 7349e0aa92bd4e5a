/**
 * How long tests wait for what has to come. It is no promise of the product: it is there so that what never comes
 * is told with what came instead, before the timeout of the test says nothing.
 */
export const patienceMs = 120_000;
