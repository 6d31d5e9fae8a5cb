using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Alcor.Server.Api;

/// <summary>
/// An operation of the API that is not one of a collection: it has a path, a documentation and a handler of its own.
/// </summary>
/// <param name="Method">GET (which serves HEAD too), POST, PUT or DELETE.</param>
/// <param name="Path">With its version: <c>/v1/ports/{id}/explain</c>.</param>
/// <param name="Tag">The group in the documentation.</param>
/// <param name="Id">The operation's name in the documentation: <c>explain_port</c>.</param>
/// <param name="Summary">One sentence for the documentation.</param>
internal sealed record ApiOperation(
    string Method, string Path, string Tag, string Id, string Summary)
{
    public required ApiHandler Handler { get; init; }

    /// <summary>
    /// The policy rule that has to hold; null when anybody with a token may ask, or when the handler itself checks.
    /// </summary>
    public string? Rule { get; init; }

    /// <summary>The status when all is well.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>The JSON Schema of the request's body, a fresh node each time; null: it has none.</summary>
    public Func<JsonObject>? Request { get; init; }

    /// <summary>The parameters of its query.</summary>
    public ImmutableArray<QueryParameter> Query { get; init; } = [];

    /// <summary>Whether the body may also come as the one file of a form.</summary>
    public bool TakesFile { get; init; }

    /// <summary>The JSON Schema of the answer, a fresh node each time; null: it has no body.</summary>
    public Func<JsonObject>? Response { get; init; }

    /// <summary>The status codes of the errors that it gives.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];
}
