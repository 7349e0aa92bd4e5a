/** A manifest to what it declares. The parser is loaded with the first that needs it. */
import { manifestSource, type ManifestFile } from '../desired/manifest.js';
import { readOrdinary, readOrdinaryBytes } from '../desired/ordinary-manifest.js';

export const readBytes = async (path: string, bytes: Uint8Array): Promise<ManifestFile> => {
  const file = readOrdinaryBytes(path, bytes);
  if (file !== undefined) return file;
  const { readManifestBytes } = await import('../desired/manifest-bytes.js');
  return readManifestBytes(path, bytes);
};

export const readText = async (path: string, text: string): Promise<ManifestFile> => {
  const file = readOrdinary(manifestSource(path, text));
  if (file !== undefined) return file;
  const { readManifest } = await import('../desired/read-manifest.js');
  return readManifest(path, text);
};
