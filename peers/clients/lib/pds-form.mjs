// The pages of the PDS on which a person signs in and decides.

/** Signs in, up to the question whether the app may do what it asks for. */
export async function signIn(page, { password }, look) {
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await look('sign-in')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'Authorize' }).waitFor()
  await look('consent')
}

/** Says yes. */
export const authorize = (page) => page.getByRole('button', { name: 'Authorize' }).click()

/** Says no. */
export const deny = (page) => page.getByRole('button', { name: 'Deny access' }).click()
