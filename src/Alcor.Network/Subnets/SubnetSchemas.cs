using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Subnets;

/// <summary>The shapes of what a subnet has in lists.</summary>
internal static class SubnetSchemas
{
    /// <summary>Far more than any subnet may have, so that the rule about the number is what refuses.</summary>
    private const int ListMax = 1_000;

    private static readonly Schema<long> AnyInteger = Schemas.Integer(long.MinValue, int.MaxValue);

    private static readonly Schema<string> Text = Schemas.Text(CommonAttributes.TextMax);

    public static Schema<long> IpVersion { get; } = new()
    {
        TryRead = (JsonElement json, out long value, out string reason) =>
        {
            var isVersion = Schemas.Integer(4, 6).TryRead(json, out value, out _) && value != 5;
            reason = isVersion ? "" : $"{json} is not in valid_values";
            return isVersion;
        },
        Unconvertible = AnyInteger.Unconvertible,
        Write = (writer, value) => writer.WriteNumberValue(value),
        FilterTexts = Schemas.Integer(4, 6).FilterTexts,
        SortKey = value => value,
        Describe = () => new JsonObject { ["type"] = "integer", ["enum"] = new JsonArray(4, 6) },
    };

    public static Schema<long> NonNegative { get; } = new()
    {
        TryRead = (JsonElement json, out long value, out string reason) =>
        {
            if (!AnyInteger.TryRead(json, out value, out reason))
                return false;
            reason = value >= 0 ? "" : $"'{value}' should be non-negative";
            return value >= 0;
        },
        Write = AnyInteger.Write,
        Unconvertible = AnyInteger.Unconvertible,
        FilterTexts = AnyInteger.FilterTexts,
        SortKey = value => value,
        Describe = () => new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
    };

    public static Schema<string> NotBlank { get; } = new()
    {
        TryRead = (JsonElement json, out string value, out string reason) =>
        {
            if (!Text.TryRead(json, out value, out reason))
                return false;
            reason = string.IsNullOrWhiteSpace(value) ? $"'{value}' Blank strings are not permitted" : "";
            return reason.Length == 0;
        },
        Write = Text.Write,
        FilterTexts = Text.FilterTexts,
        SortKey = value => value,
        Describe = Text.Describe,
    };

    public static Schema<ImmutableArray<IPNetwork>> Prefixes { get; } =
        UniqueList(Schemas.IpCidr, "items in the list:");

    /// <summary>A list that names nothing twice.</summary>
    /// <param name="called">What an element is.</param>
    public static Schema<ImmutableArray<T>> UniqueList<T>(Schema<T> element, string called)
    {
        var list = Schemas.ListOf(element, ListMax);
        return new Schema<ImmutableArray<T>>
        {
            TryRead = (JsonElement json, out ImmutableArray<T> value, out string reason) =>
            {
                if (!list.TryRead(json, out value, out reason))
                    return false;
                var twice = value.GroupBy(item => item).FirstOrDefault(group => group.Count() > 1);
                reason = twice is null ? "" : $"Duplicate {called} '{twice.Key}'";
                return twice is null;
            },
            Write = list.Write,
            FilterTexts = list.FilterTexts,
            Describe = list.Describe,
        };
    }

    public static Schema<AddressRange> AddressRange { get; } = new()
    {
        TryRead = (JsonElement json, out AddressRange value, out string reason) =>
        {
            value = default;
            if (!Members.TryReadAll(json, ["start", "end"], out reason)
                || !Schemas.IpAddress.TryRead(json.GetProperty("start"), out var start, out reason)
                || !Schemas.IpAddress.TryRead(json.GetProperty("end"), out var end, out reason))
                return false;
            value = new AddressRange(start, end);
            return true;
        },
        Write = (writer, value) =>
        {
            writer.WriteStartObject();
            writer.WriteString("start", value.Start.ToString());
            writer.WriteString("end", value.End.ToString());
            writer.WriteEndObject();
        },
        FilterTexts = value => [$"start={value.Start}", $"end={value.End}"],
        Describe = () => Members.DescribeAll(
            ("start", Schemas.IpAddress.Describe()), ("end", Schemas.IpAddress.Describe())),
    };

    public static Schema<HostRoute> HostRoute { get; } = new()
    {
        TryRead = (JsonElement json, out HostRoute value, out string reason) =>
        {
            value = default;
            if (!Members.TryReadAll(json, ["destination", "nexthop"], out reason)
                || !Schemas.RouteCidr.TryRead(json.GetProperty("destination"), out IPNetwork destination, out reason)
                || !Schemas.IpAddress.TryRead(json.GetProperty("nexthop"), out var nexthop, out reason))
                return false;
            value = new HostRoute(destination, nexthop);
            return true;
        },
        Write = (writer, value) =>
        {
            writer.WriteStartObject();
            writer.WriteString("destination", value.Destination.ToString());
            writer.WriteString("nexthop", value.Nexthop.ToString());
            writer.WriteEndObject();
        },
        FilterTexts = value => [$"destination={value.Destination}", $"nexthop={value.Nexthop}"],
        Describe = () => Members.DescribeAll(
            ("destination", Schemas.RouteCidr.Describe()), ("nexthop", Schemas.IpAddress.Describe())),
    };
}

/// <summary>Objects with a fixed set of members.</summary>
internal static class Members
{
    /// <summary>Whether <paramref name="json"/> is an object with exactly these members.</summary>
    public static bool TryReadAll(JsonElement json, string[] names, out string reason)
    {
        if (!TryReadSome(json, names, out reason))
            return false;
        var missing = names.FirstOrDefault(name => !json.TryGetProperty(name, out _));
        reason = missing is null ? "" : $"'{json}' lacks {missing}";
        return missing is null;
    }

    /// <summary>Whether <paramref name="json"/> is an object with none but these members.</summary>
    public static bool TryReadSome(JsonElement json, string[] names, out string reason)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            reason = $"'{json}' is not a dictionary";
            return false;
        }
        var unknown = json.EnumerateObject()
            .Select(member => member.Name)
            .FirstOrDefault(name => !names.Contains(name));
        reason = unknown is null ? "" : $"'{unknown}' is not one of {string.Join(", ", names)}";
        return unknown is null;
    }

    public static JsonObject DescribeAll(params (string Name, JsonObject Schema)[] members) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(members.Select(m => KeyValuePair.Create(m.Name, (JsonNode?)m.Schema))),
    };
}
