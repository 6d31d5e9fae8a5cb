using System.Collections.Immutable;

namespace Alcor.Ovsdb.OpenVSwitch;

/// <summary>Names of Open vSwitch's database schema (ovs-vswitchd.conf.db(5)) that this layer uses.</summary>
public static class SwitchTables
{
    public const string Database = "Open_vSwitch";
    public const string Switch = "Open_vSwitch";
    public const string Bridge = "Bridge";
    public const string Port = "Port";
    public const string Interface = "Interface";

    /// <summary>
    /// What <see cref="SwitchView"/> needs. Statistics are left out: the switch writes them every few seconds, and
    /// every reader would be woken for nothing.
    /// </summary>
    public static ImmutableArray<OvsdbMonitorTable> Watched { get; } =
    [
        new(Switch, ["bridges", "cur_cfg", "next_cfg", "external_ids", "other_config", "ovs_version"]),
        new(Bridge,
        [
            "name", "ports", "datapath_id", "datapath_type", "fail_mode", "protocols", "controller", "other_config",
            "external_ids",
        ]),
        new(Port, ["name", "interfaces", "tag", "external_ids"]),
        new(Interface,
        [
            "name", "type", "options", "ofport", "ofport_request", "external_ids", "error", "admin_state", "link_state",
            "status", "mac_in_use", "mtu",
        ]),
    ];
}
