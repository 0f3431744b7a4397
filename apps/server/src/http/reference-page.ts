/**
 * What the reference page may do: run our own scripts and talk to this server. Styles are inline because Scalar writes
 * them so; they can load nothing from elsewhere, as images and fonts are bound too.
 */
export const referencePagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const referencePage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Openbranch API reference</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <noscript>This page needs JavaScript. The same as a document: <a href="/openapi.yaml">openapi.yaml</a></noscript>
    <div id="app"></div>
    <script src="/docs/scalar.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** Scalar without its services: no fonts, proxy, telemetry, cloud client, assistant or registry. */
const configuration = {
  url: '/openapi.json',
  theme: 'default',
  layout: 'modern',
  withDefaultFonts: false,
  proxyUrl: '',
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true, hideAddApi: true },
  mcp: { disabled: true },
  persistAuth: false,
  documentDownloadType: 'direct',
  defaultOpenFirstTag: true,
  operationTitleSource: 'summary',
  orderSchemaPropertiesBy: 'preserve',
  orderRequiredPropertiesFirst: false,
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  customCss: `:root { --scalar-font: system-ui, sans-serif; --scalar-font-code: ui-monospace, monospace; }`,
};

/** Calls go to the host that the reader came by, whatever public name the document gives. */
export const referenceStart = `const configuration = ${JSON.stringify(configuration, null, 2)};
Scalar.createApiReference('#app', { ...configuration, servers: [{ url: location.origin }] });
`;
