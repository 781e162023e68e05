// Shows the description with Scalar, without anything that Scalar would fetch from, or send to, another host.
Scalar.createApiReference('#app', {
  url: '/v2/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  // A secret that is typed in here is forgotten with the page.
  persistAuth: false,
})
