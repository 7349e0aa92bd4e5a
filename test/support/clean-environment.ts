/**
 * Tests see no account and no state of the person who runs them, and neither do the programs they start:
 * real credentials in the shell must never reach a test. Nor do certificates of the machine, which are nothing to
 * a test and take Node a tenth of a second to read at every start.
 */
for (const name of Object.keys(process.env)) {
  if (
    /^(BANDWIDTH_.*|HOLDFAST_STATE|HOLDFAST_EVENTS_SECRET|NODE_EXTRA_CA_CERTS|NO_COLOR|FORCE_COLOR)$/.test(
      name,
    )
  )
    Reflect.deleteProperty(process.env, name);
}
