using System.Net;
using Alcor.Kernel.Addresses;

namespace Alcor.Reachability.Tests;

/// <summary>
/// One thing that happens to a cloud: one of the records of this file. Resources go by names that the script gives
/// them; <c>$name</c> in a body stands for the id. A step that names what is not there does nothing, so any step can be
/// left out of a script and the rest is a script still.
/// </summary>
internal abstract record Step;

internal sealed record AddHost(string Name, string TunnelAddress) : Step
{
    /// <summary>Whether it has the physical network outside.</summary>
    public bool HasOutside { get; init; }

    public override string ToString() => $"host {Name} {TunnelAddress}{(HasOutside ? " with outside" : "")}";
}

/// <summary>A machine is in an external network, where nobody asks the API.</summary>
internal sealed record AddOutsider(string Name, string Subnet, MacAddress Mac, IPAddress Address) : Step
{
    public override string ToString() => $"outside, in {Subnet}, is {Name} with {Mac} {Address}";
}

internal sealed record Create(string Type, string Name, string Body) : Step
{
    public override string ToString() => $"create {Type} {Name} {Body}";
}

internal sealed record Update(string Type, string Name, string Body) : Step
{
    public override string ToString() => $"update {Type} {Name} {Body}";
}

internal sealed record Delete(string Type, string Name) : Step
{
    public override string ToString() => $"delete {Type} {Name}";
}

/// <summary>One of the actions of a resource, such as add_router_interface.</summary>
internal sealed record Act(string Type, string Name, string Action, string Body) : Step
{
    public override string ToString() => $"{Action} {Name} {Body}";
}

/// <summary>One of the steps of a live migration, as the orchestrator asks for them.</summary>
internal sealed record Migrate(string Port, Migration What, string Host) : Step
{
    public override string ToString() => $"{What} {Port} {Host}";
}

internal enum Migration
{
    /// <summary>The machine may come to the host, where its interface is plugged already.</summary>
    Prepare,

    /// <summary>It is there from now on, and may go back to where it was.</summary>
    Activate,

    /// <summary>It does not come there any more.</summary>
    Withdraw,
}

/// <summary>The machine at a port sends a packet.</summary>
/// <param name="TargetMac">Null: that of the gateway, as the machine knows it by its address.</param>
/// <param name="Replies">How often those who receive it answer, and the answer is answered again.</param>
internal sealed record Send(
    string Port, MacAddress SourceMac, MacAddress? TargetMac, Content Content, int Replies = 0) : Step
{
    /// <summary>Whether nobody listens at the receiver, which says so.</summary>
    public bool IsRefused { get; init; }

    public override string ToString() =>
        $"{Port} sends {SourceMac} > {TargetMac?.ToString() ?? "gateway"} {Content}, {Replies} replies"
        + (IsRefused ? ", refused" : "");
}
