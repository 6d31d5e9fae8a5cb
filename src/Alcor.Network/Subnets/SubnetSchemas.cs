using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Subnets;

/// <summary>The shapes of what a subnet has in lists.</summary>
internal static class SubnetSchemas
{
    public static Schema<AddressRange> AddressRange { get; } = new()
    {
        TryRead = (JsonElement json, out AddressRange value, out string reason) =>
        {
            value = default;
            if (!Members.TryReadAll(json, ["start", "end"], out reason)
                || !Schemas.Ipv4Address.TryRead(json.GetProperty("start"), out var start, out reason)
                || !Schemas.Ipv4Address.TryRead(json.GetProperty("end"), out var end, out reason))
                return false;
            value = new AddressRange(start, end);
            reason = start.ToNumber() <= end.ToNumber() ? "" : $"the pool starts at {start}, behind its end {end}";
            return reason.Length == 0;
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
            ("start", Schemas.Ipv4Address.Describe()), ("end", Schemas.Ipv4Address.Describe())),
    };

    public static Schema<HostRoute> HostRoute { get; } = new()
    {
        TryRead = (JsonElement json, out HostRoute value, out string reason) =>
        {
            value = default;
            if (!Members.TryReadAll(json, ["destination", "nexthop"], out reason)
                || !Schemas.Ipv4Cidr.TryRead(json.GetProperty("destination"), out IPNetwork destination, out reason)
                || !Schemas.Ipv4Address.TryRead(json.GetProperty("nexthop"), out var nexthop, out reason))
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
            ("destination", Schemas.Ipv4Cidr.Describe()), ("nexthop", Schemas.Ipv4Address.Describe())),
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
