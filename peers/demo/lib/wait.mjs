// Waiting for something to become true, and for how long that took.

const TIMEOUT_MS = 30_000

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

/** Milliseconds until `condition()` was true; an error that names `what` when it did not happen in time. */
export async function until(what, condition) {
  const started = performance.now()
  while (!(await condition())) {
    if (performance.now() - started > TIMEOUT_MS)
      throw new Error(`${what}: did not happen within ${TIMEOUT_MS / 1000} s`)
    await sleep(1)
  }
  return performance.now() - started
}

/** "4.2 ms", "1.3 s" */
export const inWords = (ms) =>
  ms < 1000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
