// Shows the description with Scalar, without anything that Scalar would fetch from, or send to, another host.
const configuration = {
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  authentication: { preferredSecurityScheme: 'oauth2' },
  // A secret that is typed in here is forgotten with the page.
  persistAuth: false,
}

// Scalar would send every parameter that has an example; what may be left out waits until it is chosen.
function sparing(description) {
  for (const item of Object.values(description.paths)) {
    for (const { parameters } of Object.values(item)) {
      for (const parameter of parameters) {
        if (!parameter.required && 'example' in parameter) {
          parameter.examples = { example: { value: parameter.example, 'x-disabled': true } }
          delete parameter.example
        }
      }
    }
  }
  return description
}

fetch('/v2/openapi.json')
  .then((answer) => answer.json())
  .then((description) => Scalar.createApiReference('#app', { ...configuration, content: sparing(description) }))
  .catch((fault) => {
    document.getElementById('app').textContent = `The description could not be loaded: ${fault.message}`
  })
