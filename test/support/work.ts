/** Milliseconds of this process at work: what other processes do in the meantime does not count. */
export const workMs = (run: () => void): number => {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
