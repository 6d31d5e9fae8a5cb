namespace Alcor.Agent.Pipeline;

/// <summary>
/// The side from which the rules of a port look at a packet. A packet that answers is held to the rules that let its
/// connection begin, with the two ends exchanged: once no rule allows a connection any more, both its directions end.
/// </summary>
internal enum View : uint
{
    /// <summary>To the port, as the beginning of a connection: its rules of direction ingress.</summary>
    Ingress = 1,

    /// <summary>From the port, as the beginning of a connection: its rules of direction egress.</summary>
    Egress = 2,

    /// <summary>From the port, in answer to what a rule of direction ingress let in.</summary>
    IngressReply = 3,

    /// <summary>To the port, in answer to what a rule of direction egress let out.</summary>
    EgressReply = 4,
}

internal static class Views
{
    /// <summary>The views under which the rules of a direction are asked.</summary>
    public static (View Original, View Reply) Of(bool isEgress) =>
        isEgress ? (View.Egress, View.EgressReply) : (View.Ingress, View.IngressReply);

    /// <summary>Whether the other end is the packet's source; else it is its destination.</summary>
    public static bool ComesFromRemote(this View view) => view is View.Ingress or View.EgressReply;

    public static bool IsReply(this View view) => view is View.IngressReply or View.EgressReply;
}
