namespace Alcor.OpenFlow;

/// <summary>The connection to the switch is gone, could not be made, or the peer stopped answering.</summary>
public sealed class OpenFlowConnectionException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The switch refused a request; the connection lives on.</summary>
public sealed class OpenFlowRefusedException(OpenFlowError error, string request)
    : Exception($"the switch refused {request}: {error}")
{
    public OpenFlowError Error { get; } = error;
}
