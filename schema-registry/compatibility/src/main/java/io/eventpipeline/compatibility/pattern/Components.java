package io.eventpipeline.compatibility.pattern;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Strongly connected components (Tarjan), without recursion. An edge is its target times two, plus
 * a mark that is not looked at.
 */
final class Components {
  private final List<List<Integer>> edges;
  private final Language.Meter meter;
  private final int[] order;
  private final int[] lowest;
  private final int[] nextEdge;
  private final int[] component;
  private final Deque<Integer> open = new ArrayDeque<>();
  private int visited;
  private int found;

  Components(List<List<Integer>> edges, Language.Meter meter) {
    this.edges = edges;
    this.meter = meter;
    this.order = new int[edges.size()];
    this.lowest = new int[edges.size()];
    this.nextEdge = new int[edges.size()];
    this.component = new int[edges.size()];
    Arrays.fill(component, -1);
  }

  /** The component of each node that node 0 leads to; an edge never leads to a higher number. */
  int[] find() {
    Deque<Integer> path = new ArrayDeque<>();
    enter(0, path);
    while (!path.isEmpty()) {
      int node = path.peek();
      if (nextEdge[node] < edges.get(node).size()) {
        meter.step();
        int to = edges.get(node).get(nextEdge[node]++) >> 1;
        if (order[to] == 0) {
          enter(to, path);
        } else if (component[to] < 0) {
          lowest[node] = Math.min(lowest[node], order[to]);
        }
      } else {
        leave(path);
      }
    }
    return component;
  }

  private void enter(int node, Deque<Integer> path) {
    order[node] = ++visited;
    lowest[node] = visited;
    open.push(node);
    path.push(node);
  }

  private void leave(Deque<Integer> path) {
    int node = path.pop();
    if (lowest[node] == order[node]) {
      int member;
      do {
        member = open.pop();
        component[member] = found;
      } while (member != node);
      found++;
    }
    if (!path.isEmpty()) {
      int parent = path.peek();
      lowest[parent] = Math.min(lowest[parent], lowest[node]);
    }
  }
}
