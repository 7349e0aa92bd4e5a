/**
 * Tests see no account and no state of the person who runs them, and neither do the programs they start:
 * real credentials in the shell must never reach a test.
 */
for (const name of Object.keys(process.env)) {
  if (/^(BANDWIDTH_.*|HOLDFAST_STATE|HOLDFAST_EVENTS_SECRET|NO_COLOR|FORCE_COLOR)$/.test(name))
    Reflect.deleteProperty(process.env, name);
}
