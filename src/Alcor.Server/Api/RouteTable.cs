using System.Collections.Immutable;

namespace Alcor.Server.Api;

/// <summary>
/// Finds the handler of a path and a method. A path is literals and parameters, <c>/v2.0/networks/{id}</c>; a literal
/// goes before a parameter. In literals, dashes and underscores are the same, as in Neutron: its clients use both.
/// </summary>
internal sealed class RouteTable
{
    private readonly Node root = new();
    private readonly List<(string Method, string Path)> all = [];

    /// <summary>Each method and path that has a handler, in the order of their addition.</summary>
    public IReadOnlyList<(string Method, string Path)> All => all;

    /// <exception cref="ArgumentException">The path has such a handler already.</exception>
    public void Add(string method, string path, ApiHandler handler)
    {
        var node = root;
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            node = segment.StartsWith('{') ? node.Parameter ??= new Node() : node.Literal(segment);
        node.Handlers.Add(method, handler);
        all.Add((method, path));
    }

    /// <summary>The handlers of a path by method, or null if there is no such path.</summary>
    public IReadOnlyDictionary<string, ApiHandler>? Find(
        ReadOnlySpan<string> segments, out ImmutableArray<string> parameters)
    {
        var ids = ImmutableArray.CreateBuilder<string>();
        var node = root;
        foreach (var segment in segments)
        {
            if (node.Literals.TryGetValue(segment, out var literal))
            {
                node = literal;
                continue;
            }
            if (node.Parameter is not { } parameter)
            {
                parameters = [];
                return null;
            }
            ids.Add(segment);
            node = parameter;
        }
        parameters = ids.DrainToImmutable();
        return node.Handlers.Count > 0 ? node.Handlers : null;
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Literals { get; } = [];

        public Node? Parameter { get; set; }

        /// <summary>In the order of their addition, in which an Allow header names them.</summary>
        public Dictionary<string, ApiHandler> Handlers { get; } = [];

        public Node Literal(string segment)
        {
            if (!Literals.TryGetValue(segment, out var node))
            {
                node = new Node();
                string[] spellings = [segment, segment.Replace('_', '-'), segment.Replace('-', '_')];
                foreach (var spelling in spellings)
                    Literals[spelling] = node;
            }
            return node;
        }
    }
}
