using System.Collections.Immutable;
using System.Text.Json;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;

namespace Alcor.Network.Routers;

/// <summary>external_gateway_info, as a request has it or an answer shows it.</summary>
/// <param name="EnableSnat">Null: as by default.</param>
/// <param name="FixedIps">Empty: one address of each version of IP is allocated.</param>
/// <param name="QosPolicyId">Null: none; what it was if <paramref name="NamesQosPolicy"/> is false.</param>
public sealed record GatewayRequest(
    string NetworkId,
    bool? EnableSnat,
    ImmutableArray<FixedIpRequest> FixedIps,
    string? QosPolicyId,
    bool NamesQosPolicy)
{
    public static GatewayRequest? Of(RouterGateway? gateway) => gateway is null
        ? null
        : new GatewayRequest(
            gateway.NetworkId,
            gateway.EnableSnat,
            [.. gateway.FixedIps.Select(ip => new FixedIpRequest(ip.SubnetId, ip.IpAddress))],
            gateway.QosPolicyId,
            gateway.QosPolicyId is not null);
}

/// <summary>The shape of external_gateway_info.</summary>
internal static class GatewaySchemas
{
    private const int FixedIpsMax = 64;

    private static readonly string[] Names = ["network_id", "enable_snat", "external_fixed_ips", "qos_policy_id"];

    private static Schema<ImmutableArray<FixedIpRequest>> FixedIps { get; } =
        Schemas.ListOf(PortSchemas.FixedIp, FixedIpsMax);

    private static Schema<string?> Policy { get; } = Schemas.Nullable(Schemas.Uuid);

    /// <summary>Null, and an object without members, is no gateway.</summary>
    public static Schema<GatewayRequest?> Gateway { get; } = new()
    {
        TryRead = TryRead,
        Write = Write,
        FilterTexts = value => value is null ? [""] : [$"network_id={value.NetworkId}"],
        Describe = () => Schemas.WithNull(Members.DescribeAll(
            ("network_id", Schemas.Uuid.Describe()),
            ("enable_snat", Schemas.Boolean.Describe()),
            ("external_fixed_ips", FixedIps.Describe()),
            ("qos_policy_id", Policy.Describe()))),
    };

    private static bool TryRead(JsonElement json, out GatewayRequest? value, out string reason)
    {
        (value, reason) = (null, "");
        if (json.ValueKind == JsonValueKind.Null
            || (json.ValueKind == JsonValueKind.Object && !json.EnumerateObject().Any()))
            return true;
        if (!Members.TryReadSome(json, Names, out reason))
            return false;
        if (!json.TryGetProperty("network_id", out var network))
        {
            reason = "Validation of dictionary's keys failed. Expected keys: {'network_id'}";
            return false;
        }
        bool? enableSnat = null;
        ImmutableArray<FixedIpRequest> fixedIps = [];
        string? policyId = null;
        if (!Schemas.Uuid.TryRead(network, out var networkId, out reason)
            || !TryReadSnat(json, ref enableSnat, ref reason)
            || (json.TryGetProperty("external_fixed_ips", out var ips)
                && !FixedIps.TryRead(ips, out fixedIps, out reason))
            || (json.TryGetProperty("qos_policy_id", out var policy)
                && !Policy.TryRead(policy, out policyId, out reason)))
            return false;
        value = new GatewayRequest(
            networkId, enableSnat, fixedIps, policyId, json.TryGetProperty("qos_policy_id", out _));
        return true;
    }

    private static bool TryReadSnat(JsonElement json, ref bool? enableSnat, ref string reason)
    {
        if (!json.TryGetProperty("enable_snat", out var snat))
            return true;
        var ok = Schemas.Boolean.TryRead(snat, out var value, out reason);
        enableSnat = value;
        return ok;
    }

    private static void Write(Utf8JsonWriter writer, GatewayRequest? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("network_id", value.NetworkId);
        writer.WritePropertyName("external_fixed_ips");
        FixedIps.Write(writer, value.FixedIps);
        writer.WriteBoolean("enable_snat", value.EnableSnat ?? true);
        if (value.QosPolicyId is { } policy)
            writer.WriteString("qos_policy_id", policy);
        writer.WriteEndObject();
    }
}
