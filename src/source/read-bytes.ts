/** A manifest's bytes to what it declares. The parser is loaded with the first that needs it. */
import type { ManifestFile } from '../desired/manifest.js';
import { readOrdinaryBytes } from '../desired/ordinary-manifest.js';

export const readBytes = async (path: string, bytes: Uint8Array): Promise<ManifestFile> => {
  const file = readOrdinaryBytes(path, bytes);
  if (file !== undefined) return file;
  const { readManifestBytes } = await import('../desired/manifest-bytes.js');
  return readManifestBytes(path, bytes);
};
