using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;

namespace Alcor.Server.Api;

/// <summary>
/// An attribute with what follows from its description for listing: how query parameters select and sort by it.
/// </summary>
internal sealed class ApiAttribute
{
    /// <summary>What a member's name ends with in a filter by part of its value: <c>ip_address_substr</c>.</summary>
    public const string Substring = "_substr";

    private readonly string type;
    private readonly string format;

    public ApiAttribute(IAttribute attribute)
    {
        Attribute = attribute;
        EncodedName = JsonEncodedText.Encode(attribute.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        var shape = attribute.Describe();
        type = (string?)shape["type"] ?? "";
        format = (string?)shape["format"] ?? "";
        Members = (shape["items"]?["properties"] as JsonObject)?
            .SelectMany(member => (string[])[member.Key, member.Key + Substring])
            .ToFrozenSet();
    }

    public IAttribute Attribute { get; }

    public ApiAttribute SeenBy(Caller caller) => Attribute.IsInTheEye ? new(Attribute.SeenBy(caller)) : this;

    public string Name => Attribute.Name;

    public JsonEncodedText EncodedName { get; }

    /// <summary>For a list of objects: the members that a filter <c>member=value</c> may name. Else null.</summary>
    public FrozenSet<string>? Members { get; }

    public bool IsSortable => type is not ("array" or "object");

    /// <summary>A query parameter's value as the attribute's filter texts spell it.</summary>
    public Result<string> NormaliseFilter(string value)
    {
        if (type == "boolean")
        {
            return value.ToUpperInvariant() switch
            {
                "TRUE" or "1" => "true",
                "FALSE" or "0" => "false",
                _ => ApiError.Unconvertible(Name, $"'{value}' cannot be converted to boolean"),
            };
        }
        if (Members is not null && !Members.Contains(MemberOf(value)))
        {
            var expected = string.Join(", ", Members.Order());
            return ApiError.InvalidInput(
                Name, $"'{value}' is not a filter: expected one of {expected}, then = and a value");
        }
#pragma warning disable CA1308 // Lower case is how UUIDs and MAC addresses are written here.
        return format is "uuid" or "mac" ? value.ToLowerInvariant() : value;
#pragma warning restore CA1308
    }

    /// <summary>What a filter on a list of objects names before its "="; empty for other attributes.</summary>
    public string MemberOf(string filter) =>
        Members is null || filter.IndexOf('=') is not (>= 0 and var equals) ? "" : filter[..equals];

    public void WriteProperty(Utf8JsonWriter writer, Stamped<object> resource)
    {
        if (!Attribute.AppliesTo(resource))
            return;
        writer.WritePropertyName(EncodedName);
        Attribute.Write(writer, resource);
    }
}
