/** Parameters of every layout by UMAP; a part of what its cache is found by. Apart from the layout itself, whose library only a worker needs. */
export const umapParameters = { neighbours: 15, minDistance: 0.1 } as const;
