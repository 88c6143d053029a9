/** A graph for a program that lays it out by itself: Mermaid or Graphviz. */
export interface Graph {
  readonly title: string;
  readonly description: string;
  readonly nodes: readonly GraphNode[];
  readonly groups: readonly GraphGroup[];
  readonly edges: readonly GraphEdge[];
}

/** Nodes within a frame. */
export interface GraphGroup {
  readonly label: string;
  readonly nodes: readonly GraphNode[];
  readonly groups: readonly GraphGroup[];
}

export interface GraphNode {
  /** Letters and digits, unique in the graph. */
  readonly id: string;
  readonly lines: readonly string[];
  readonly shape: 'box' | 'round' | 'note';
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly style: 'line' | 'arrow' | 'dashed arrow' | 'dashed line';
  readonly label?: string;
}
