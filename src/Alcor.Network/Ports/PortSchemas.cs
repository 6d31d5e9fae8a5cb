using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.Ports;

/// <summary>An address as a request asks for it: in this subnet, this address, or both.</summary>
public readonly record struct FixedIpRequest(string? SubnetId, IPAddress? IpAddress);

/// <summary>A name that an address of a port has.</summary>
public readonly record struct DnsAssignment(string Hostname, IPAddress IpAddress, string Fqdn);

/// <summary>The shapes of what a port has in lists.</summary>
internal static class PortSchemas
{
    /// <summary>
    /// A member that is not known is passed over, and one that is missing found by Decide, as in Neutron.
    /// </summary>
    public static Schema<FixedIpRequest> FixedIp { get; } = new()
    {
        TryRead = TryReadFixedIp,
        Write = (writer, value) =>
        {
            writer.WriteStartObject();
            writer.WriteString("subnet_id", value.SubnetId);
            writer.WriteString("ip_address", value.IpAddress?.ToString());
            writer.WriteEndObject();
        },
        FilterTexts = value => [$"ip_address={value.IpAddress}", $"subnet_id={value.SubnetId}"],
        Describe = () => Members.DescribeAll(
            ("subnet_id", Schemas.Uuid.Describe()), ("ip_address", Schemas.IpAddress.Describe())),
    };

    /// <summary>Unlike other lists, null is none.</summary>
    public static Schema<ImmutableArray<FixedIpRequest>> ListOfFixedIps { get; } = FixedIpList();

    public static Schema<AddressPair> AddressPair { get; } = new()
    {
        TryRead = TryReadAddressPair,
        Write = (writer, value) =>
        {
            writer.WriteStartObject();
            writer.WriteString("mac_address", value.MacAddress);
            writer.WriteString("ip_address", value.IpAddress);
            writer.WriteEndObject();
        },
        FilterTexts = value => [$"ip_address={value.IpAddress}", $"mac_address={value.MacAddress}"],
        Describe = () => Members.DescribeAll(
            ("mac_address", Schemas.Mac.Describe()), ("ip_address", new JsonObject { ["type"] = "string" })),
    };

    public static Schema<ExtraDhcpOption> ExtraDhcpOption { get; } = new()
    {
        TryRead = TryReadDhcpOption,
        Write = (writer, value) =>
        {
            writer.WriteStartObject();
            writer.WriteString("opt_name", value.Name);
            writer.WriteString("opt_value", value.Value);
            writer.WriteNumber("ip_version", value.IpVersion);
            writer.WriteEndObject();
        },
        FilterTexts = value => [$"opt_name={value.Name}", $"opt_value={value.Value}", $"ip_version={value.IpVersion}"],
        Describe = () => Members.DescribeAll(
            ("opt_name", Schemas.Text(64).Describe()),
            ("opt_value", Schemas.Nullable(Schemas.Text(CommonAttributes.TextMax)).Describe()),
            ("ip_version", new JsonObject { ["type"] = "integer", ["enum"] = new JsonArray(4, 6) })),
    };

    public static Schema<DnsAssignment> DnsAssignment { get; } = new()
    {
        TryRead = (JsonElement json, out DnsAssignment value, out string reason) =>
        {
            (value, reason) = (default, $"'{json}' is only shown");
            return false;
        },
        Write = (writer, value) =>
        {
            writer.WriteStartObject();
            writer.WriteString("ip_address", value.IpAddress.ToString());
            writer.WriteString("hostname", value.Hostname);
            writer.WriteString("fqdn", value.Fqdn);
            writer.WriteEndObject();
        },
        FilterTexts = value =>
            [$"ip_address={value.IpAddress}", $"hostname={value.Hostname}", $"fqdn={value.Fqdn}"],
        Describe = () => Members.DescribeAll(
            ("ip_address", Schemas.IpAddress.Describe()),
            ("hostname", new JsonObject { ["type"] = "string" }),
            ("fqdn", new JsonObject { ["type"] = "string" })),
    };

    /// <summary>Elements that differ from one another; null reads as the empty list.</summary>
    public static Schema<ImmutableArray<T>> ListOfUnique<T>(Schema<T> element, int maximum)
    {
        var list = Schemas.ListOf(element, maximum);
        return new Schema<ImmutableArray<T>>
        {
            TryRead = (JsonElement json, out ImmutableArray<T> value, out string reason) =>
            {
                if (!list.TryRead(json, out value, out reason))
                    return false;
                var seen = new HashSet<T>();
                foreach (var item in value)
                {
                    if (seen.Add(item))
                        continue;
                    reason = $"Duplicate items in the list: '{item}'";
                    return false;
                }
                return true;
            },
            Write = list.Write,
            FilterTexts = list.FilterTexts,
            Describe = () =>
            {
                var shape = list.Describe();
                shape["uniqueItems"] = true;
                return shape;
            },
        };
    }

    /// <summary>Nova unbinds a port by a null host.</summary>
    public static Schema<string> NullAsEmpty(int maximum)
    {
        var text = Schemas.Text(maximum);
        return new Schema<string>
        {
            TryRead = (JsonElement json, out string value, out string reason) =>
            {
                (value, reason) = ("", "");
                return json.ValueKind == JsonValueKind.Null || text.TryRead(json, out value, out reason);
            },
            Write = text.Write,
            FilterTexts = text.FilterTexts,
            SortKey = text.SortKey,
            Describe = () => Schemas.WithNull(text.Describe()),
        };
    }

    private static Schema<ImmutableArray<FixedIpRequest>> FixedIpList()
    {
        var list = Schemas.ListOf(FixedIp, 64);
        return new Schema<ImmutableArray<FixedIpRequest>>
        {
            TryRead = (JsonElement json, out ImmutableArray<FixedIpRequest> value, out string reason) =>
            {
                if (!list.TryRead(json, out value, out reason))
                    return false;
                var seen = new HashSet<IPAddress>();
                var twice = value.FirstOrDefault(ip => ip.IpAddress is { } address && !seen.Add(address)).IpAddress;
                reason = json.ValueKind == JsonValueKind.Null ? "Invalid data format for fixed IP: 'None'"
                    : twice is not null ? $"Duplicate IP address '{twice}'"
                    : "";
                return reason.Length == 0;
            },
            Write = list.Write,
            FilterTexts = list.FilterTexts,
            Describe = list.Describe,
        };
    }

    private static bool TryReadFixedIp(JsonElement json, out FixedIpRequest value, out string reason)
    {
        (value, reason) = (default, "");
        if (json.ValueKind != JsonValueKind.Object)
        {
            reason = $"Invalid data format for fixed IP: '{json}'";
            return false;
        }
        string? subnetId = null;
        IPAddress? address = null;
        if (json.TryGetProperty("subnet_id", out var subnet) && !Schemas.Uuid.TryRead(subnet, out subnetId, out reason))
            return false;
        if (json.TryGetProperty("ip_address", out var ip) && !Schemas.IpAddress.TryRead(ip, out address, out reason))
            return false;
        value = new FixedIpRequest(subnetId, address);
        return true;
    }

    private static bool TryReadAddressPair(JsonElement json, out AddressPair value, out string reason)
    {
        value = default;
        if (!Members.TryReadSome(json, ["ip_address", "mac_address"], out reason))
            return false;
        string? mac = null, ip = null;
        if (json.TryGetProperty("mac_address", out var macJson))
        {
            if (!Schemas.Mac.TryRead(macJson, out _, out reason))
                return false;
            mac = macJson.GetString();
        }
        if (json.TryGetProperty("ip_address", out var ipJson))
        {
            if (!IsAddressOrBlock(ipJson))
            {
                reason = $"'{ipJson}' is not a valid IP address or subnet";
                return false;
            }
            ip = ipJson.GetString();
        }
        value = new AddressPair(ip, mac);
        return true;
    }

    /// <summary>Host bits of a block need not be zero: Neutron takes them and shows them again.</summary>
    private static bool IsAddressOrBlock(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && AddressText.TryParseBlock(json.GetString()!, out _);

    private static bool TryReadDhcpOption(JsonElement json, out ExtraDhcpOption value, out string reason)
    {
        value = default;
        if (!Members.TryReadSome(json, ["opt_name", "opt_value", "ip_version"], out reason))
            return false;
        reason = $"'{json}' needs an opt_name and an opt_value, each on one line";
        if (!json.TryGetProperty("opt_name", out var name) || !IsLine(name, 64)
            || !json.TryGetProperty("opt_value", out var option))
            return false;
        var mayBeBlank = name.GetString() is "router" or "classless-static-route";
        if (option.ValueKind != JsonValueKind.Null && !IsLine(option, CommonAttributes.TextMax, mayBeBlank))
            return false;
        var version = 4L;
        if (json.TryGetProperty("ip_version", out var versionJson)
            && (!Schemas.Integer(4, 6).TryRead(versionJson, out version, out reason) || version == 5))
            return false;
        value = new ExtraDhcpOption(name.GetString()!, option.GetString(), (int)version);
        reason = "";
        return true;
    }

    private static bool IsLine(JsonElement json, int maximum, bool mayBeBlank = false) =>
        json.ValueKind == JsonValueKind.String
        && json.GetString() is { } text
        && text.Length <= maximum
        && (mayBeBlank || (!string.IsNullOrWhiteSpace(text) && !text.Contains('\n')));
}
