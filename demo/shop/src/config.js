// SPDX-License-Identifier: GPL-3.0-or-later
// Where the search server is. demo/run writes config.json beside the page when it starts the server.

/** The configuration of the page, or an error whose message can be shown to a person. */
export async function load_config() {
  let response;
  try {
    response = await fetch('./config.json', { cache: 'no-store' });
  } catch {
    throw new Error('The page cannot read config.json. Was it opened as a file? Start it with demo/run.');
  }
  if (!response.ok)
    throw new Error('config.json is missing beside the page. Start the shop with demo/run, which writes it.');
  const config = await response.json().catch(() => null);
  if (config === null || !config.host || !config.searchKey || !config.index)
    throw new Error('config.json is incomplete: it needs host, port, protocol, appId, searchKey and index.');
  const protocol = config.protocol ?? 'http';
  const port = config.port ? `:${config.port}` : '';
  return { appId: 'penchant', ...config, protocol, origin: `${protocol}://${config.host}${port}` };
}
