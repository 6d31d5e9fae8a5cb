using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.Ports;

/// <summary>An address as a request asks for it: in this subnet, this address, or both.</summary>
public readonly record struct FixedIpRequest(string? SubnetId, IPAddress? IpAddress);

/// <summary>The attributes of a port in the Networking API v2.0, with those of the port binding extension.</summary>
public static class PortAttributes
{
    public static readonly Attribute<Port, string> Id = new("id", Schemas.Uuid, "The UUID of the port.")
    {
        Read = port => port.Value.Id,
    };

    public static readonly Attribute<Port, string> NetworkId =
        new("network_id", Schemas.Uuid, "The network that it belongs to.")
        {
            Read = port => port.Value.NetworkId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<Port, string> Name = CommonAttributes.Name<Port>(p => p.Name);

    public static readonly Attribute<Port, string> Description = CommonAttributes.Description<Port>(p => p.Description);

    public static readonly Attribute<Port, string> ProjectId = CommonAttributes.ProjectId<Port>(p => p.ProjectId);

    public static readonly Attribute<Port, bool> AdminStateUp =
        new("admin_state_up", Schemas.Boolean, "Whether the port carries traffic.")
        {
            Read = port => port.Value.AdminStateUp,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = true,
        };

    public static readonly Attribute<Port, MacAddress?> MacAddress =
        new("mac_address", Schemas.NullableValue(Schemas.Mac), "Its MAC address; allocated when not given.")
        {
            Read = port => port.Value.MacAddress,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<Port, ImmutableArray<FixedIpRequest>> FixedIps =
        new(
            "fixed_ips",
            Schemas.ListOf(FixedIp, 64),
            "Its addresses: each by subnet, by address or both. One is allocated when absent, none when empty.")
        {
            Read = port => [.. port.Value.FixedIps.Select(ip => new FixedIpRequest(ip.SubnetId, ip.IpAddress))],
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = [],
        };

    public static readonly Attribute<Port, string> DeviceId =
        new("device_id", Schemas.Text(CommonAttributes.TextMax), "What uses the port: a server's UUID.")
        {
            Read = port => port.Value.DeviceId,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<Port, string> DeviceOwner =
        new("device_owner", Schemas.Text(CommonAttributes.TextMax), "What kind of thing uses it: compute:nova.")
        {
            Read = port => port.Value.DeviceOwner,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<Port, string> HostId =
        new("binding:host_id", NullAsEmpty(CommonAttributes.TextMax), "The host where the port is; empty: none.")
        {
            Read = port => port.Value.HostId,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<Port, string> VnicType =
        new("binding:vnic_type", Schemas.OneOf("normal"), "The kind of interface.")
        {
            Read = port => port.Value.VnicType,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "normal",
        };

    public static readonly Attribute<Port, string> Profile =
        new("binding:profile", Schemas.FreeObject(4095), "What the host's software notes down here.")
        {
            Read = port => port.Value.Profile,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "{}",
        };

    public static readonly Attribute<Port, string> VifType =
        new(
            "binding:vif_type",
            Schemas.OneOf("unbound", "ovs", "binding_failed"),
            "How the interface is plugged; binding_failed: no such host is known.")
        {
            Read = port => port.Value.HostId.Length == 0 ? "unbound" : port.Value.IsBound ? "ovs" : "binding_failed",
        };

    public static readonly Attribute<Port, string> VifDetails =
        new("binding:vif_details", Schemas.FreeObject(4095), "What the host's software needs to plug it.")
        {
            Read = port => port.Value.IsBound
                ? """{"bridge_name":"br-int","connectivity":"l2","ovs_hybrid_plug":false,"port_filter":false}"""
                : "{}",
        };

    public static readonly Attribute<Port, string> Status =
        new(
            "status",
            Schemas.OneOf(PortStatus.Active, PortStatus.Build, PortStatus.Down, PortStatus.Error),
            "ACTIVE when its host has acknowledged it as it is.")
        {
            Read = port => port.Value.Status,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, NetworkId, Name, Description, ProjectId, CommonAttributes.TenantId<Port>(p => p.ProjectId), AdminStateUp,
        MacAddress, FixedIps, DeviceId, DeviceOwner, HostId, VnicType, Profile, VifType, VifDetails, Status,
        CommonAttributes.CreatedAt<Port>(p => p.CreatedAt),
        CommonAttributes.UpdatedAt<Port>(p => p.UpdatedAt),
        CommonAttributes.RevisionNumber<Port>(),
    ];

    private static Schema<FixedIpRequest> FixedIp => new()
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

    private static bool TryReadFixedIp(JsonElement json, out FixedIpRequest value, out string reason)
    {
        value = default;
        if (!Members.TryReadSome(json, ["subnet_id", "ip_address"], out reason))
            return false;
        string? subnetId = null;
        IPAddress? address = null;
        if (json.TryGetProperty("subnet_id", out var subnet) && !Schemas.Uuid.TryRead(subnet, out subnetId, out reason))
            return false;
        if (json.TryGetProperty("ip_address", out var ip) && !Schemas.IpAddress.TryRead(ip, out address, out reason))
            return false;
        value = new FixedIpRequest(subnetId, address);
        reason = subnetId is null && address is null ? "a fixed IP needs a subnet_id or an ip_address" : "";
        return reason.Length == 0;
    }

    /// <summary>Nova unbinds a port by a null host.</summary>
    private static Schema<string> NullAsEmpty(int maximum)
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
}
