using System.Text.Json.Nodes;

namespace Alcor.Server.Api;

/// <summary>A parameter of the query of an operation.</summary>
/// <param name="Schema">Its JSON Schema, a fresh node each time.</param>
internal sealed record QueryParameter(string Name, string Description, Func<JsonObject> Schema)
{
    public bool IsRequired { get; init; }
}
