// A DID document in the shape the public directory serves (Multikey, absolute method ids).

const SUITES = [
  ['zDn', 'https://w3id.org/security/suites/ecdsa-2019/v1'],
  ['zQ3s', 'https://w3id.org/security/suites/secp256k1-2019/v1'],
]

export function didDocument({ did, alsoKnownAs, verificationMethods, services }) {
  const keys = Object.entries(verificationMethods).map(([name, key]) => ({
    id: `${did}#${name}`,
    type: 'Multikey',
    controller: did,
    publicKeyMultibase: key.replace(/^did:key:/, ''),
  }))
  const used = SUITES.filter(([prefix]) => keys.some((k) => k.publicKeyMultibase.startsWith(prefix)))
  return {
    '@context': [
      'https://www.w3.org/ns/did/v1',
      'https://w3id.org/security/multikey/v1',
      ...used.map(([, context]) => context),
    ],
    id: did,
    alsoKnownAs,
    verificationMethod: keys,
    service: Object.entries(services).map(([name, { type, endpoint }]) => ({
      id: `#${name}`,
      type,
      serviceEndpoint: endpoint,
    })),
  }
}
