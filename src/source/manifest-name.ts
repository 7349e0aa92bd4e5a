/** Whether a file of this name is a manifest. Pure. */
export const isManifestName = (name: string): boolean => name.endsWith('.yaml') || name.endsWith('.yml');
