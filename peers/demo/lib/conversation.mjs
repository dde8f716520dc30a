// What alice, bob and carol say to each other in the richer sample app.

/** [author, text, tags] */
export const POSTS = [
  ['alice', 'A belvedere is the room of a house that is built for its view.', ['words']],
  ['bob', 'Coffee tastes better with a horizon.', ['coffee', 'morning']],
  ['carol', 'Counted eleven herons on the way here.', ['birds']],
  ['alice', 'Notes from the roof: the fog goes down, the ships come up.', ['weather']],
  ['bob', 'Does anybody have a ladder?', []],
  ['carol', 'The tide table was wrong by four minutes. I have written to them.', ['sea']],
  ['alice', 'Naïve question — 雨 or 雪 tomorrow? ☔', ['weather', 'words']],
  ['bob', 'Found a ladder.', []],
]

/** [author, number of the post, text] */
export const REPLIES = [
  ['bob', 0, 'And a good one has no television.'],
  ['carol', 4, 'Behind the shed.'],
  ['alice', 2, 'Eleven! I counted nine and a heron-shaped branch.'],
  ['carol', 6, 'Both, says the harbour master.'],
  ['alice', 7, 'We know. We can see you.'],
]

/** [author, number of the post] */
export const LIKES = [
  ['bob', 0],
  ['carol', 0],
  ['alice', 1],
  ['alice', 2],
  ['bob', 2],
  ['carol', 3],
  ['alice', 5],
  ['bob', 6],
  ['carol', 7],
]
