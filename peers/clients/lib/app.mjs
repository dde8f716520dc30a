// The app that all clients use: notes in the user's repository, and the lexicons with which `@atproto/api` calls it.

/** An agent that knows the app's methods. */
export function knowing(lexicons, agent) {
  for (const lexicon of lexicons) agent.lex.add(lexicon)
  return agent
}

/** Writes a note; returns its URI and CID. */
export async function write(agent, procedure, text) {
  const note = { text, createdAt: new Date().toISOString() }
  const { data } = await agent.call(procedure, undefined, note, { encoding: 'application/json' })
  return data
}

/** The URIs of an author's notes, newest first. */
export async function notes(agent, query, did) {
  const { data } = await agent.call(query, { did })
  return data.records.map((record) => record.uri)
}
