// A generic OAuth client at work: discovery, a token by each way of authentication, its check, introspection and
// revocation. Reads {issuer, audience, resource, secret: {id, secret}, signer: {id, jwk}} and writes what it found.
import * as oauth from 'oauth4webapi'

const given = JSON.parse(await new Response(process.stdin).text())
const issuer = new URL(given.issuer)
const insecure = { [oauth.allowInsecureRequests]: true }

const discovered = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
const server = await oauth.processDiscoveryResponse(issuer, discovered)

const signing = { name: 'ECDSA', namedCurve: 'P-256' }
const key = await crypto.subtle.importKey('jwk', given.signer.jwk, signing, false, ['sign'])
const ways = {
  client_secret_basic: [given.secret.id, oauth.ClientSecretBasic(given.secret.secret)],
  client_secret_post: [given.secret.id, oauth.ClientSecretPost(given.secret.secret)],
  private_key_jwt: [given.signer.id, oauth.PrivateKeyJwt({ key, kid: given.signer.jwk.kid })],
}

const found = {}
for (const [way, [id, authentication]] of Object.entries(ways)) {
  const client = { client_id: id }
  const parameters = { scope: 'documents.read' }
  const answer = await oauth.clientCredentialsGrantRequest(server, client, authentication, parameters, insecure)
  const { access_token: token, scope } = await oauth.processClientCredentialsResponse(server, client, answer)

  const request = new Request(given.resource, { headers: { Authorization: `Bearer ${token}` } })
  const claims = await oauth.validateJwtAccessToken(server, request, given.audience, insecure)
  const used = await oauth.protectedResourceRequest(token, 'GET', new URL(given.resource), undefined, null, insecure)

  const introspect = async () => {
    const told = await oauth.introspectionRequest(server, client, authentication, token, insecure)
    return (await oauth.processIntrospectionResponse(server, client, told)).active
  }
  const before = await introspect()
  await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, authentication, token, insecure))
  found[way] = { scope, subject: claims.sub, used: used.status, before, after: await introspect() }
}

const wrong = oauth.ClientSecretBasic('wrong')
const refused = await oauth.clientCredentialsGrantRequest(server, { client_id: 'nobody' }, wrong, {}, insecure)
try {
  await oauth.processClientCredentialsResponse(server, { client_id: 'nobody' }, refused)
} catch (error) {
  found.refused = { status: error.status, error: error.error, challenged: error instanceof oauth.WWWAuthenticateChallengeError }
}
console.log(JSON.stringify(found))
