import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { Component, type ReactNode } from 'react';

interface Props {
  message: string;
  retry: string;
  children: ReactNode;
}

/** Keeps a page that throws from taking the rest of the console with it. */
export class PageBoundary extends Component<Props, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const retry = (
      <Button
        onClick={() => {
          this.setState({ error: undefined });
        }}
      >
        {this.props.retry}
      </Button>
    );
    return (
      <Alert type="error" header={this.props.message} action={retry}>
        {error.message}
      </Alert>
    );
  }
}
