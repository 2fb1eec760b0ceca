// Loaded before a program: tells its processor time (ms) and peak memory (MB) on stderr when it ends.
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  process.stderr.write(`\nused ${(user + system) / 1000} ${maxRSS / 1024}\n`);
});
