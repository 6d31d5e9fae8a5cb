using System.Collections.Immutable;

namespace Alcor.Ovsdb.OpenVSwitch;

/// <summary>The one row of the table Open_vSwitch.</summary>
public sealed record SwitchRow(Guid Uuid, OvsdbRow Row)
{
    public ImmutableArray<Guid> Bridges => Row.Uuids("bridges");

    /// <summary>The configuration that clients have asked to be told about.</summary>
    public long NextConfiguration => Row.Integer("next_cfg") ?? 0;

    /// <summary>The configuration that the switch has finished applying.</summary>
    public long CurrentConfiguration => Row.Integer("cur_cfg") ?? 0;

    public ImmutableSortedDictionary<string, string> ExternalIds => Row.Map("external_ids");

    public ImmutableSortedDictionary<string, string> OtherConfig => Row.Map("other_config");

    public string? Version => Row.Text("ovs_version");
}

public sealed record BridgeRow(Guid Uuid, OvsdbRow Row)
{
    public string Name => Row["name"].Single.String;

    public ImmutableArray<Guid> Ports => Row.Uuids("ports");

    /// <summary>16 hexadecimal digits; null until the switch has created the bridge.</summary>
    public string? DatapathId => Row.Text("datapath_id");

    /// <summary><c>netdev</c> for the userspace datapath, empty or <c>system</c> for the kernel's.</summary>
    public string DatapathType => Row.Text("datapath_type") ?? "";

    /// <summary><c>secure</c>, <c>standalone</c>, or null, which means standalone.</summary>
    public string? FailMode => Row.Text("fail_mode");

    public ImmutableArray<string> Protocols => Row.Texts("protocols");

    public ImmutableSortedDictionary<string, string> OtherConfig => Row.Map("other_config");

    public ImmutableSortedDictionary<string, string> ExternalIds => Row.Map("external_ids");
}

public sealed record PortRow(Guid Uuid, OvsdbRow Row)
{
    public string Name => Row["name"].Single.String;

    /// <summary>One interface, or more for a bond.</summary>
    public ImmutableArray<Guid> Interfaces => Row.Uuids("interfaces");

    public long? Tag => Row.Integer("tag");

    public ImmutableSortedDictionary<string, string> ExternalIds => Row.Map("external_ids");
}

public sealed record InterfaceRow(Guid Uuid, OvsdbRow Row)
{
    public string Name => Row["name"].Single.String;

    /// <summary>Empty for a device of the operating system, else <c>internal</c>, <c>vxlan</c> and so on.</summary>
    public string Type => Row.Text("type") ?? "";

    public ImmutableSortedDictionary<string, string> Options => Row.Map("options");

    /// <summary>The OpenFlow port number; null until the switch has tried, -1 if it has failed.</summary>
    public long? OpenFlowPort => Row.Integer("ofport");

    public long? OpenFlowPortRequest => Row.Integer("ofport_request");

    public ImmutableSortedDictionary<string, string> ExternalIds => Row.Map("external_ids");

    /// <summary>Why the switch could not make the interface; null if it could.</summary>
    public string? Error => Row.Text("error");

    public string? AdministrativeState => Row.Text("admin_state");

    /// <summary><c>up</c>, <c>down</c> or null if unknown.</summary>
    public string? LinkState => Row.Text("link_state");

    public ImmutableSortedDictionary<string, string> Status => Row.Map("status");

    public string? MacInUse => Row.Text("mac_in_use");

    public long? Mtu => Row.Integer("mtu");
}
