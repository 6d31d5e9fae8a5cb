namespace Alcor.OpenFlow;

/// <summary>What a packet of a known connection does to it.</summary>
internal enum ConnectionUpdate
{
    /// <summary>The packet belongs to an established connection.</summary>
    Established,

    /// <summary>It still belongs to the beginning.</summary>
    New,

    /// <summary>It cannot belong to the connection.</summary>
    Invalid,

    /// <summary>The connection is over, and the packet may begin another.</summary>
    Over,
}

/// <summary>How far a connection has come, as its protocol tells.</summary>
internal abstract class ConnectionProgress
{
    public static ConnectionProgress Begin(TrackedHeader header) => header switch
    {
        { Tcp: { } segment } => new TcpProgress(segment),
        _ => new AnswerProgress(),
    };

    public abstract ConnectionUpdate Update(TrackedHeader header, bool isReply);
}

/// <summary>
/// Of every protocol but TCP: new until the first packet of the other direction.
/// </summary>
internal sealed class AnswerProgress : ConnectionProgress
{
    private bool isAnswered;

    public override ConnectionUpdate Update(TrackedHeader header, bool isReply)
    {
        isAnswered |= isReply;
        return isAnswered ? ConnectionUpdate.Established : ConnectionUpdate.New;
    }
}
