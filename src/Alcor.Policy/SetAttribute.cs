using System.Text.Json;

namespace Alcor.Policy;

/// <summary>
/// An attribute that a request sets on purpose. In an update that is each that is named; in a creation
/// only one whose value is not the attribute's default, as who says the default asks for nothing.
/// </summary>
/// <param name="Name">As in the API: <c>binding:host_id</c>.</param>
/// <param name="Value">Members of an object, or of objects in a list, may have rules of their own.</param>
public readonly record struct SetAttribute(string Name, JsonElement Value)
{
    /// <summary>The names of members, each as often as it is there.</summary>
    internal IEnumerable<string> Members() => Value.ValueKind switch
    {
        JsonValueKind.Object => Value.EnumerateObject().Select(member => member.Name),
        JsonValueKind.Array => Value.EnumerateArray()
            .Where(item => item.ValueKind == JsonValueKind.Object)
            .SelectMany(item => item.EnumerateObject().Select(member => member.Name)),
        _ => [],
    };
}
