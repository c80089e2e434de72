/** For `expect.poll`: a machine that does much else is slow, and that is no fault. Nothing waits for it in vain. */
export const patiently = { timeout: 15_000 } as const;
