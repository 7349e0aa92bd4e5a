/**
 * The text of one manifest to what it declares, with everything that is wrong with it.
 *
 * Laws: no text makes it throw; which of the two readers read it makes no difference but in time.
 */
import { manifestSource, readParsed, type ManifestFile } from './manifest.js';
import { readOrdinary } from './ordinary-manifest.js';
import { parseDocuments } from './syntax.js';

export const readManifest = (path: string, text: string): ManifestFile => {
  const source = manifestSource(path, text);
  return readOrdinary(source) ?? readParsed(source, parseDocuments(source));
};
